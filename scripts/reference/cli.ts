import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { code, page } from './markdown.ts'

const run = promisify(execFile)

/** Asked of the program itself, command by command, so that the page says what `--help` says. */
export async function cliPage(): Promise<string> {
  const top = await helpOf([])
  const commands = await Promise.all(subcommands(top).map(name => below([name])))
  return page('Command line', INTRO, '## linchpin', code(top), ...commands.flat(), EXIT)
}

const INTRO = `\`npx linchpin\` inside a clone of the repository. Commands that look after a running Linchpin ask it over HTTP; \`init\`,
\`start\`, \`demo\`, \`doctor\`, \`secret\`, \`key\`, \`config\`, \`backup\` and \`restore\` need none.

Data goes to standard output, everything else to standard error. With \`--json\` the data is one JSON value, also of an
error: \`{ "error": "…" }\`. Colours are left out where no person looks, and with \`NO_COLOR\`.

| environment | |
| --- | --- |
| \`LINCHPIN_URL\` | the running Linchpin to talk to, like \`--url\` |
| \`LINCHPIN_TOKEN\` | what to show it, when it asks for \`http.token\` |
| \`LINCHPIN_LOG_LEVEL\` | \`debug\`, \`info\`, \`warn\` or \`error\` |
| \`LINCHPIN_KEY\` | the key of the secrets, in place of the key file: [the database](../operating/database.md#the-key) |
| \`DATABASE_URL\` | a PostgreSQL of your own: [the database](../operating/database.md#a-postgresql-of-your-own) |`

const EXIT = `## Exit status

| | |
| --- | --- |
| 0 | done |
| 1 | failed |
| 2 | wrong use: a command, an option or a name that is not there |
| 3 | partly done: something is parked, or a connection works in part |
| 4 | no connection, or no sign-in |
| 5 | the configuration is wrong |`

/** One section for a command, or for each of its commands. */
async function below(path: readonly string[]): Promise<readonly string[]> {
  const help = await helpOf(path)
  const inner = await Promise.all(subcommands(help).map(name => below([...path, name])))
  return [`## linchpin ${path.join(' ')}`, code(help), ...inner.flat()]
}

async function helpOf(path: readonly string[]): Promise<string> {
  const program = ['apps/cli/bin/linchpin.js', ...path, '--help']
  const { stdout } = await run(process.execPath, program, { env: { ...process.env, NO_COLOR: '1' } })
  return stdout.trim()
}

function subcommands(help: string): readonly string[] {
  const [, list = ''] = /^Commands:\n((?: {2}.*\n?)+)/m.exec(help) ?? []
  const names = [...list.matchAll(/^ {2}(\w[\w-]*)/gm)].map(([, name = '']) => name)
  return names.filter(name => name !== 'help')
}
