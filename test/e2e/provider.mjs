// A real OpenID Connect provider in a process of its own, as 电子营业执照 and 渝快办 are one
// outside: it signs in whoever is in its list, asks for PKCE, and tells at its UserInfo
// endpoint who that is. Started by a test: node provider.mjs PORT REDIRECT SECRET PEOPLE
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const need = createRequire(join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'web', 'package.json'));
const { default: Provider } = await import(pathToFileURL(need.resolve('oidc-provider')).href);

const [port, redirect, secret, list] = process.argv.slice(2);
const people = JSON.parse(list);
const client = (id) => ({ client_id: id, client_secret: secret, redirect_uris: [redirect], post_logout_redirect_uris: [redirect.replace(/\/callback$/, '')], grant_types: ['authorization_code'], response_types: ['code'] });
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [client('dangan-unit'), client('dangan-person')],
  claims: { openid: ['sub'], profile: ['name', 'id_no', 'uscc', 'unit_name'] },
  pkce: { required: () => true },
  cookies: { keys: ['a key of the test alone'] },
  findAccount: (_, id) => people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
});
provider.listen(Number(port), '127.0.0.1', () => process.send?.('ready'));
process.on('disconnect', () => process.exit());
