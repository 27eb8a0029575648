import { errorMessage, type Problem } from '@plantroom/contracts';
import { isNode, LineCounter, parseDocument } from 'yaml';

/** A parsed YAML text that still knows on which line a path stands. */
export interface YamlFile {
  /** File name, for messages. */
  source: string;
  value: unknown;
  problem(path: readonly (string | number)[], message: string): Problem;
}

/** Syntax faults come back as problems, all of them; then there is no value. */
export function parseYaml(source: string, text: string): { file?: YamlFile; problems: Problem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  if (document.errors.length > 0) {
    return {
      problems: document.errors.map((error) => ({
        source,
        path: '',
        line: lineAt(error.pos[0]),
        message: (error.message.split('\n')[0] ?? '').replace(/ at line \d+.*$/, ''),
      })),
    };
  }
  const problem = (path: readonly (string | number)[], message: string): Problem => {
    const at = `/${path.join('/')}`;
    for (let depth = path.length; depth >= 0; depth--) {
      const node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
      if (isNode(node) && node.range) return { source, path: at, line: lineAt(node.range[0]), message };
    }
    return { source, path: at, message };
  };
  try {
    return { file: { source, value: document.toJS({ maxAliasCount: 1000 }), problem }, problems: [] };
  } catch (error) {
    return { problems: [{ source, path: '', message: errorMessage(error) }] };
  }
}
