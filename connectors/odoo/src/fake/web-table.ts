import { escape } from '@linchpin/lookalike'

/** A column's heading; `n` columns are figures and stand on the right. */
export type Column = readonly [heading: string, kind?: 'n']

/** A table that becomes a list of small cards where the screen is too narrow for it. Cells are HTML. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const side = (at: number) => (columns[at]?.[1] === 'n' ? ' class="n"' : '')
  const head = columns.map(([heading], at) => `<th${side(at)}>${escape(heading)}</th>`).join('')
  const cell = (html: string, at: number) =>
    html === ''
      ? `<td class="none"></td>`
      : `<td${side(at)} data-label="${escape(columns[at]?.[0])}">${html}</td>`
  const body = rows.map(row => `<tr>${row.map(cell).join('')}</tr>`).join('')
  return `<table class="stack"><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`
}

/** What these pages need beyond the common style of look-alikes. */
export const style = `<style>
nav{display:flex;gap:1.2rem;margin-bottom:1rem}nav [aria-current]{color:inherit;text-decoration:none;font-weight:600}
h1{margin:.4rem 0 .6rem}.card h3{margin:0 0 .4rem}.card ul{margin:.4rem 0;padding-left:1.2rem}main>.card+.card{margin-top:.8rem}
.fields{display:flex;flex-wrap:wrap;gap:.4rem 1.2rem;margin:.4rem 0}.fields input,.fields select{display:block}
.sums{margin-left:auto;width:auto}form.set{display:flex;gap:.4rem;justify-content:flex-end}form.set input{width:6.5rem}
@media(max-width:44rem){.stack thead{display:none}.stack,.stack tbody,.stack tr,.stack td{display:block}
.stack tr{border:1px solid var(--line);border-radius:.6rem;margin:.6rem 0;padding:.2rem .6rem;background:var(--soft)}
.stack td{display:flex;justify-content:space-between;gap:1rem;text-align:right;border:0;padding:.25rem 0}.stack td.none{display:none}
.stack td::before{content:attr(data-label);font-weight:600;font-size:.85rem;text-align:left}}
</style>`
