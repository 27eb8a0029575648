// Runs before `npm start` and `npm test` on whatever Node is there, so plain JavaScript without dependencies:
// installs what the lock file asks for and, with --build, builds dashboard and gateway when their sources have changed. With --gateway it only
// makes the gateway's program: on a site where one is running nothing is taken from under it. All it says goes to standard error.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const oldest = 20;
const major = Number(process.versions.node.split('.')[0]);
if (major < oldest) {
  console.error(
    `Plantroom needs Node ${oldest} or newer to install itself (it then runs on the Node pinned in package.json); this is ${process.version}.`,
  );
  process.exit(2);
}

/** npm's own command line, so that the very npm that runs us is used, on every platform. */
function npm(args) {
  const cli = process.env.npm_execpath;
  const [command, head] = cli ? [process.execPath, [cli]] : [process.platform === 'win32' ? 'npm.cmd' : 'npm', []];
  const run = spawnSync(command, [...head, ...args], { cwd: root, stdio: ['ignore', 2, 'inherit'] });
  if (run.status !== 0) {
    console.error(`Setup stopped: "npm ${args.join(' ')}" failed${run.error ? ` (${run.error.message})` : ''}.`);
    process.exit(run.status || 1);
  }
}

function sources(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !['node_modules', 'dist'].includes(entry.name))
    .flatMap((entry) => (entry.isDirectory() ? sources(join(folder, entry.name)) : [join(folder, entry.name)]))
    .sort();
}

function digest(files) {
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  return hash.digest('hex');
}

function unlessStamped(stamp, hash, work) {
  if (existsSync(stamp) && statSync(stamp).isFile() && readFileSync(stamp, 'utf8') === hash) return;
  if (work()) writeFileSync(stamp, hash);
}

const manifests = readdirSync(root)
  .map((name) => join(root, name, 'package.json'))
  .filter((file) => !file.includes('node_modules') && existsSync(file));
const installHash = digest([join(root, 'package.json'), join(root, 'package-lock.json'), ...manifests]);
const gatewayOnly = process.argv.includes('--gateway');
const installed = join(root, 'node_modules', '.plantroom-installed');
unlessStamped(installed, installHash, () => {
  if (gatewayOnly && existsSync(installed)) {
    console.error(
      'package.json or package-lock.json has changed since the installation; `npm run setup` installs what it asks for.',
    );
    return false;
  }
  console.error('Installing what package-lock.json asks for …');
  npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  return true;
});

function build(name, from, options = []) {
  // The installed packages are in what is built.
  const hash = digest([...from.flatMap((folder) => sources(join(root, folder))), installed]);
  unlessStamped(join(root, name, 'dist', '.plantroom-built'), hash, () => {
    console.error(`Building the ${name} …`);
    npm(['run', '--silent', 'build', '-w', name, '--', ...options]);
    return true;
  });
}

if (process.argv.includes('--build')) build('dashboard', ['dashboard', 'contracts'], ['--logLevel', 'warn']);
if (process.argv.includes('--build') || gatewayOnly) build('gateway', ['gateway', 'contracts', 'device-profiles/src']);
