/** A table as a file. A cell that a spreadsheet would take for a formula is made a text. */
export function csvOf(rows: readonly (readonly string[])[]): string {
  return `${rows.map(row => row.map(cell).join(',')).join('\r\n')}\r\n`
}

function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

export function saveCsv(name: string, rows: readonly (readonly string[])[]): void {
  // The mark tells a spreadsheet that this is UTF-8.
  const blob = new Blob(['\uFEFF', csvOf(rows)], { type: 'text/csv;charset=utf-8' })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = `${name}.csv`
  link.click()
  URL.revokeObjectURL(link.href)
}
