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
  const { document, lineAt } = parse(text);
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
  // Parsed again for a fault: the tree is tens of times the text and its value, and hardly ever asked.
  const problem = (path: readonly (string | number)[], message: string): Problem => {
    const tree = parse(text);
    const at = `/${path.join('/')}`;
    for (let depth = path.length; depth >= 0; depth--) {
      const node = depth === 0 ? tree.document.contents : tree.document.getIn(path.slice(0, depth), true);
      if (isNode(node) && node.range) return { source, path: at, line: tree.lineAt(node.range[0]), message };
    }
    return { source, path: at, message };
  };
  try {
    return { file: { source, value: document.toJS({ maxAliasCount: 1000 }), problem }, problems: [] };
  } catch (error) {
    return { problems: [{ source, path: '', message: errorMessage(error) }] };
  }
}

function parse(text: string) {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  return { document, lineAt: (offset: number) => lines.linePos(offset).line };
}
