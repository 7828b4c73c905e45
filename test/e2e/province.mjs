// Builds the sample province that test files copy, unless it is there: run under a lock, as
// test files run side by side and one of them builds while the others wait.
//
//   flock FOLDER.lock node province.mjs DANGAN FOLDER PEOPLE PASSWORD
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, renameSync } from 'node:fs';

const [bin, folder, people, password] = process.argv.slice(2);
if (existsSync(folder)) process.exit(0);
const making = mkdtempSync(`${folder}-making-`);
const built = spawnSync(bin, ['demo', '--data', `${making}/data`, '--people', people, '--seed', '1', '--password', password, '--build-only'], { stdio: ['ignore', 'ignore', 'inherit'] });
if (built.status !== 0) process.exit(1);
renameSync(making, folder);
