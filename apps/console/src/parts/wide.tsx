import { Button, Table } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useEffect, useRef, type ReactNode } from 'react'
import { saveCsv } from './csv.ts'

/**
 * What is wider than a phone. Where there is room it is a table, which scrolls when it must. On a phone each row is a
 * card: its first cell is the title, and each other cell stands beside the head of its column (`.wide` in look.css).
 */
export function Wide({
  least,
  most,
  file,
  className = '',
  children,
}: {
  /** In pixels: narrower, it scrolls. */
  readonly least: number
  /** Higher, it scrolls, too. */
  readonly most?: number
  /** What it is called as a file of what it shows; left out where the page has a better one. */
  readonly file?: string
  readonly className?: string
  readonly children: ReactNode
}) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (box.current === null) return
    const tell = () => label(box.current)
    tell()
    // Rows come and go, and heads change with the language.
    const watch = new MutationObserver(tell)
    watch.observe(box.current, { childList: true, subtree: true, characterData: true })
    return () => watch.disconnect()
  }, [])
  return (
    <div ref={box} className={`wide ${className}`}>
      <Table.ScrollContainer minWidth={least} {...(most === undefined ? {} : { mah: most })}>
        {children}
      </Table.ScrollContainer>
      {file !== undefined && (
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          mt={4}
          leftSection={<IconDownload size={12} aria-hidden />}
          onClick={() => saveCsv(file, box.current ? cellsIn(box.current) : [])}
        >
          CSV
        </Button>
      )}
    </div>
  )
}

/** CSS cannot look up the head of a cell's column; so each cell says it. */
function label(box: HTMLElement | null): void {
  for (const table of box?.querySelectorAll('table') ?? []) {
    const heads = [...(table.tHead?.rows[0]?.cells ?? [])].map(headOf)
    for (const row of [...table.tBodies].flatMap(body => [...body.rows])) {
      let column = 0
      for (const cell of row.cells) {
        cell.dataset['label'] = cell.colSpan > 1 ? '' : (heads[column] ?? '')
        column += cell.colSpan
      }
    }
  }
}

/** A time that stands there, too, would take the room of the value. */
function headOf(cell: HTMLElement): string {
  const copy = cell.cloneNode(true) as HTMLElement
  for (const each of copy.querySelectorAll('time')) each.remove()
  return copy.textContent.trim()
}

/** What stands in its cells: times in full, what was typed, and no buttons. */
function cellsIn(box: HTMLElement): readonly (readonly string[])[] {
  const rows = [...box.querySelectorAll('tr')].map(row => [...row.cells].map(textOf))
  const heads = rows[0] ?? []
  const told = heads.map((head, at) => head !== '' || rows.some(row => (row[at] ?? '') !== ''))
  return rows.map(row => row.filter((_text, at) => told[at] ?? true))
}

function textOf(cell: HTMLElement): string {
  const chosen = [...cell.querySelectorAll('select')].map(each => each.selectedOptions[0]?.text ?? '')
  const inputs = [...cell.querySelectorAll('input')].map(({ value }) => value)
  const copy = cell.cloneNode(true) as HTMLElement
  for (const each of copy.querySelectorAll('button, input, select, svg')) each.remove()
  for (const each of copy.querySelectorAll('time')) each.textContent = each.dateTime
  return [copy.textContent.replaceAll(/\s+/g, ' ').trim(), ...chosen, ...inputs]
    .filter(text => text !== '')
    .join(' ')
}
