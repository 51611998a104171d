const MADE_BY = '<!-- Made by `npm run reference` from the code. Change it there. -->'

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** A bar would end the cell, also inside code. */
const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

export function page(title: string, ...parts: readonly string[]): string {
  return `${[`# ${title}`, MADE_BY, ...parts].join('\n\n')}\n`
}

export function code(text: string, language = ''): string {
  return `\`\`\`${language}\n${text}\n\`\`\``
}
