import { Problem, type File } from '@linchpin/connector'
import { z } from 'zod'
import { isId, textIn } from './rows.ts'
import type { Session } from './session.ts'

/** The printed invoice: the one that Dolibarr keeps, else one that it prints now. Null for a draft. */
export async function invoiceFile(session: Session, id: string): Promise<File | null> {
  const row = isId(id) ? await session.client.one(`/invoices/${id}`) : null
  if (row === null || textIn(row['statut']) === '0') return null
  const ref = textIn(row['ref'])
  const original_file = `${ref}/${ref}.pdf`
  const kept = await session.client.one('/documents/download', { modulepart: 'facture', original_file })
  return fileIn(kept ?? (await print(session, original_file)), ref)
}

function print(session: Session, original_file: string): Promise<unknown> {
  const { pdfTemplate } = session.settings
  return session.client.send('PUT', '/documents/builddoc', {
    modulepart: 'invoice',
    original_file,
    ...(pdfTemplate !== undefined && { doctemplate: pdfTemplate }),
  })
}

const document = z.looseObject({
  filename: z.string(),
  'content-type': z.string().default('application/pdf'),
  content: z.string(),
})

function fileIn(answer: unknown, ref: string): File {
  const parsed = document.safeParse(answer)
  if (!parsed.success)
    throw new Problem(
      'passing',
      `Dolibarr did not print ${ref}. Look there whether a template is switched on.`,
    )
  const { filename, content } = parsed.data
  return {
    name: filename.replace(/[/\\]/g, '_'),
    mediaType: parsed.data['content-type'],
    bytes: Buffer.from(content, 'base64'),
  }
}
