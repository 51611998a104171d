import { roleNames, type Client, type PersonAnswer, type Role } from '@linchpin/api'
import { Option, type Command } from 'commander'
import { contextOf, type Context } from '../context.ts'
import { EXIT } from '../exit.ts'
import { ago, table } from '../output.ts'
import { UsageTrouble } from '../trouble.ts'

interface ChangeFlags {
  readonly role?: Role
  readonly name?: string
  readonly shutOut?: boolean
  readonly letIn?: boolean
}

/** Who may come in. On the machine that Linchpin runs on, it needs no sign-in: the way back in for who lost theirs. */
export function addPeople(program: Command): void {
  const people = program.command('people').description('who may use the console, and as what')
  people
    .command('set-up')
    .description('a one-time link that makes the first admin')
    .action(async (_options: unknown, command: Command) => {
      const { output, client } = contextOf(command)
      const made = await (await client()).setUpLink({})
      output.data(made, () => linkWords('Open this once', made))
    })
  people
    .command('list')
    .description('who may come in')
    .action(async (_options: unknown, command: Command) => {
      const { output, client } = contextOf(command)
      const { people: all } = await (await client()).people({})
      output.data(all, () => inWords(all, Date.now()))
    })
  people
    .command('add <email>')
    .description('let somebody in: makes a one-time link by which they choose a password')
    .requiredOption('--name <name>', 'as others shall see it')
    .addOption(roleOption().makeOptionMandatory())
    .action(async (email: string, { name, role }: { name: string; role: Role }, command: Command) => {
      const { output, client } = contextOf(command)
      const made = await (await client()).addPerson({ email, name, role })
      output.data(made, () => linkWords(`Hand this to ${name}`, made))
    })
  people
    .command('link <email>')
    .description('a one-time link for a new password')
    .action((email: string, _options: unknown, command: Command) =>
      about(email, command, async ({ id, name }, client, { output }) => {
        const made = await client.invitePerson({ id })
        output.data(made, () => linkWords(`Hand this to ${name}`, made))
      }),
    )
  people
    .command('change <email>')
    .description('another role or name; shut out, or let in again. Their sessions end')
    .addOption(roleOption())
    .option('--name <name>', 'as others shall see it')
    .option('--shut-out', 'they cannot come in any more')
    .option('--let-in', 'they can come in again')
    .action((email: string, flags: ChangeFlags, command: Command) => change(email, flags, command))
  people
    .command('sign-out <email>')
    .description('end all their sessions')
    .action((email: string, _options: unknown, command: Command) =>
      about(email, command, async ({ id }, client, { output }) => {
        const { count } = await client.endSessionsOf({ id })
        output.data({ count }, () => `${count} sessions have ended.`)
      }),
    )
  addSessions(people)
}

function addSessions(people: Command): void {
  people
    .command('sessions')
    .description('who is signed in, and from where')
    .action(async (_options: unknown, command: Command) => {
      const { output, client } = contextOf(command)
      const { sessions } = await (await client()).sessions({})
      const now = Date.now()
      const rows = sessions.map(each => [each.id, each.name, each.from, ago(each.seenAt, now), each.agent])
      const head = ['SESSION', 'WHO', 'FROM', 'SEEN', 'BROWSER']
      output.data(sessions, () => table(head, rows) || 'Nobody is signed in.')
    })
  people
    .command('end-session <id>')
    .description('end one session')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { output, client } = contextOf(command)
      const { done } = await (await client()).endSession({ id })
      output.data({ done }, () => (done ? 'It has ended.' : `There is no session ${id} any more.`))
      if (!done) process.exitCode = EXIT.failed
    })
}

const roleOption = () => new Option('--role <role>', 'what they may do').choices(roleNames)

async function change(email: string, flags: ChangeFlags, command: Command): Promise<void> {
  const { role, name, shutOut, letIn } = flags
  if (shutOut && letIn) throw new UsageTrouble('Say either --shut-out or --let-in.')
  if (!role && !name && !shutOut && !letIn)
    throw new UsageTrouble('Say what to change: --role, --name, --shut-out or --let-in.')
  await about(email, command, async ({ id }, client, { output }) => {
    const active = shutOut ? { active: false } : letIn ? { active: true } : {}
    const { person } = await client.changePerson({
      id,
      ...(role ? { role } : {}),
      ...(name ? { name } : {}),
      ...active,
    })
    output.data(person, () => inWords([person], Date.now()))
  })
}

async function about(
  email: string,
  command: Command,
  act: (person: PersonAnswer, client: Client, context: Context) => Promise<void>,
): Promise<void> {
  const context = contextOf(command)
  const client = await context.client()
  const { people } = await client.people({})
  const found = people.find(each => each.email.toLowerCase() === email.toLowerCase())
  if (!found) throw new Error(`Nobody here has the address ${email}. See: linchpin people list`)
  await act(found, client, context)
}

const linkWords = (lead: string, { link, expiresAt }: { link: string; expiresAt: string }) =>
  `${lead}, before ${expiresAt}; it is shown only now:\n\n  ${link}`

function inWords(people: readonly PersonAnswer[], now: number): string {
  if (people.length === 0) return 'Nobody can sign in yet. Make the first admin: linchpin people set-up'
  const rows = people.map(each => [
    each.email,
    each.name,
    each.active ? each.role : `${each.role}, shut out`,
    each.signsIn,
    ago(each.seenAt, now),
  ])
  return table(['ADDRESS', 'NAME', 'ROLE', 'SIGNS IN', 'SEEN'], rows)
}
