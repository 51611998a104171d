/** A look-alike's web page: plain HTML that says, on every page, what it is not. */
export function page(title: string, notice: string, body: string): Response {
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title><style>${STYLE}</style></head>
<body><header><strong>${escape(title)}</strong><span class="notice">${escape(notice)}</span></header><main>${body}</main></body></html>`
  return new Response(html, { headers: { 'content-type': 'text/html; charset=utf-8' } })
}

export function escape(text: unknown): string {
  if (text === null || text === undefined) return ''
  const plain = typeof text === 'string' ? text : JSON.stringify(text)
  return plain.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
}

const STYLE = `
:root{color-scheme:light dark;--line:#8884;--soft:#8881;--accent:#2456c9;--warn:#9a5b00}
@media(prefers-color-scheme:dark){:root{--accent:#8fb0ff;--warn:#ffc069}}
*{box-sizing:border-box}body{margin:0;font:16px/1.5 system-ui,sans-serif}
header{display:flex;gap:1rem;align-items:baseline;flex-wrap:wrap;padding:.8rem 1.2rem;border-bottom:1px solid var(--line)}
.notice{color:var(--warn);font-size:.85rem}main{max-width:70rem;margin:0 auto;padding:1.2rem}
table{border-collapse:collapse;width:100%;margin:.6rem 0}th,td{text-align:left;padding:.45rem .6rem;border-bottom:1px solid var(--line)}
th{font-weight:600;font-size:.85rem}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
a{color:var(--accent)}button,.button{font:inherit;padding:.35rem .9rem;border:1px solid var(--accent);border-radius:.4rem;background:var(--accent);color:Canvas;cursor:pointer;text-decoration:none;display:inline-block}
button.quiet{background:transparent;color:var(--accent)}input,select{font:inherit;padding:.35rem .5rem;border:1px solid var(--line);border-radius:.4rem;max-width:100%}
form.inline{display:inline}label{display:block;margin:.5rem 0}.grid{display:grid;gap:1rem;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr))}
.card{border:1px solid var(--line);border-radius:.6rem;padding:1rem;background:var(--soft)}.tag{display:inline-block;padding:0 .5rem;border:1px solid var(--line);border-radius:1rem;font-size:.85rem}
.scroll{overflow-x:auto}.muted{opacity:.7}`
