import { profilesCli } from './profiles-cli.ts';

process.exitCode = profilesCli(process.argv.slice(2), {
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
});
