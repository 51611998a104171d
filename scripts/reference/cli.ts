import { commandLine } from '@linchpin/cli'
import { code, page } from './markdown.ts'

/** Asked of the program itself, command by command, so that the page says what `--help` says. */
export function cliPage(): string {
  const program = commandLine()
  return page(
    'Command line',
    INTRO,
    '## linchpin',
    code(helpOf(program)),
    ...program.commands.flatMap(below),
    EXIT,
  )
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

type Command = ReturnType<typeof commandLine>

/** A section for a command, and for each of its own. */
function below(command: Command): readonly string[] {
  return [`## ${pathOf(command)}`, code(helpOf(command)), ...command.commands.flatMap(below)]
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`
}

/** As wide as a terminal of eighty columns shows it, and without colours. */
function helpOf(command: Command): string {
  let help = ''
  const writeOut = (text: string) => void (help += text)
  command.configureOutput({ writeOut, getOutHelpWidth: () => 80, getOutHasColors: () => false }).outputHelp()
  return help.trim()
}
