/** A secret, asked for or read from standard input; it never stands in a command. Empty: nothing was entered. */
export async function entered(message: string): Promise<string> {
  return process.stdin.isTTY ? asked(message) : piped()
}

/** Several of them; from standard input, a line each. */
export async function enteredEach(messages: readonly string[]): Promise<readonly string[]> {
  if (messages.length < 2) return Promise.all(messages.map(entered))
  if (!process.stdin.isTTY) return (await piped()).split(/\r?\n/)
  const texts: string[] = []
  for (const message of messages) texts.push(await asked(message))
  return texts
}

async function asked(message: string): Promise<string> {
  const { password } = await import('@clack/prompts')
  const value = await password({ message })
  return typeof value === 'string' ? value : ''
}

/** With the line's end taken off that `echo` puts there; a secret may begin or end with a space. */
async function piped(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '')
}
