import { checkTool } from './check-tool.ts';
import { discoverTool } from './discover/discover-tool.ts';
import { importTool } from './import/import-tool.ts';
import { probeTool } from './probe/probe-tool.ts';
import type { Tool } from './tool.ts';
import { watchTool } from './watch/watch-tool.ts';

/** The one list: a command is its file and its line here. */
export const tools: readonly Tool[] = [checkTool, probeTool, discoverTool, watchTool, importTool];
