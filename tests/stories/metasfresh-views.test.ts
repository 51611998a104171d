import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { metasfresh } from '@linchpin/connector-metasfresh'
import { makeLab } from '@linchpin/connector/conformance'
import { openDb, openEmbedded, type Db, type Embedded } from '@linchpin/store'
import { afterAll, beforeAll, expect, test } from 'vitest'

/**
 * The views that the connector ships, on a real PostgreSQL with the columns that they name. The tables are ours, made
 * after the names in metasfresh's public source: this proves the SQL, not that a metasfresh has these columns.
 */
let folder: string
let server: Embedded
let db: Db

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'views-'))
  server = await openEmbedded({ dataDir: join(folder, 'data'), log: () => {} })
  db = openDb(server.url, { connections: 1 })
  for (const statement of [...TABLES, ...ROWS, ...shipped()]) await db.query('', statement)
}, 120_000)
afterAll(async () => {
  await db.close()
  await server.stop()
  await rm(folder, { recursive: true })
})

test('the views that we ship give what the connector reads', async () => {
  const lab = makeLab(async (url, init) => {
    const name = /processes\/(\w+)\/invoke/.exec(url)?.[1]?.toLowerCase() ?? ''
    const body = JSON.parse(typeof init?.body === 'string' ? init.body : '{}') as {
      processParameters: { name: string; value: string }[]
    }
    const offset = Number(body.processParameters.find(each => each.name === 'Offset')?.value ?? 0)
    const rows = await db.query<{ row: unknown }>(
      '',
      `select row_to_json(v) "row" from ${name}_v v offset ${offset}`,
    )
    return Response.json(rows.map(({ row }) => row))
  })
  const settings = metasfresh.settings.parse({ url: 'https://erp.example.org', token: 'token' })
  const session = await metasfresh.open(settings, lab)
  const orders = await metasfresh.entities.SalesOrder?.changes?.(session, null, 10)
  expect(orders?.items).toMatchObject([
    {
      id: 'shop/1042',
      row: { DocStatus: 'CO', NetAmt: '20', TaxAmt: '3.8', Fulfilment: 'partial', Payment: 'unpaid' },
    },
  ])
  const products = await metasfresh.entities.Price?.changes?.(session, null, 10)
  expect(products?.items).toMatchObject([{ id: '9', row: { Value: 'MUG', Price: 10.5, TaxRate: '19' } }])
})

/** The statements of the file, one by one. */
function shipped(): string[] {
  const file = new URL('../../connectors/metasfresh/views/linchpin.sql', import.meta.url)
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines
    .filter(line => !line.startsWith('--'))
    .join('\n')
    .split(';')
    .filter(statement => statement.trim() !== '')
}

const common = `updated timestamptz default now(), isactive char(1) default 'Y'`
const TABLES = [
  `create table c_order (c_order_id int, documentno text, docstatus text, poreference text, externalid text, dateordered timestamp, c_doctypetarget_id int, c_bpartner_id int, c_currency_id int, c_paymentterm_id int, grandtotal numeric, issotrx char(1), ${common})`,
  `create table c_orderline (c_orderline_id int, c_order_id int, line int, externalid text, m_product_id int, productdescription text, description text, qtyordered numeric, qtydelivered numeric, qtyinvoiced numeric, priceactual numeric, linenetamt numeric, c_tax_id int, ${common})`,
  `create table c_invoice (c_invoice_id int, c_order_id int, docstatus text, grandtotal numeric, ispaid char(1), ${common})`,
  'create table c_doctype (c_doctype_id int, docbasetype text)',
  'create table c_bpartner (c_bpartner_id int, value text, name text)',
  'create table c_currency (c_currency_id int, iso_code text)',
  'create table c_paymentterm (c_paymentterm_id int, name text)',
  'create table c_tax (c_tax_id int, rate numeric)',
  `create table m_product (m_product_id int, value text, name text, description text, upc text, c_uom_id int, producttype char(1), issold char(1), ${common})`,
  'create table c_uom (c_uom_id int, x12de355 text)',
  'create table m_pricelist (m_pricelist_id int, name text, c_currency_id int, istaxincluded char(1))',
  `create table m_pricelist_version (m_pricelist_version_id int, m_pricelist_id int, validfrom timestamp, ${common})`,
  `create table m_productprice (m_pricelist_version_id int, m_product_id int, pricestd numeric, c_taxcategory_id int, seqno int, ${common})`,
  'create table c_taxcategory (c_taxcategory_id int, internalname text)',
]
const ROWS = [
  `insert into c_doctype values (1, 'SOO')`,
  `insert into c_bpartner values (7, 'G7', 'Ada')`,
  `insert into c_currency values (102, 'EUR')`,
  'insert into c_tax values (1, 19)',
  `insert into c_uom values (100, 'PCE')`,
  `insert into m_product values (9, 'MUG', 'Mug', null, null, 100, 'I', 'Y')`,
  `insert into c_order values (1, 'A1', 'CO', '1042 [shop/1042]', 'shop/1042', '2026-11-23', 1, 7, 102, null, 23.8, 'Y')`,
  `insert into c_orderline values (11, 1, 10, '1', 9, 'Mug', null, 2, 1, 0, 10, 20, 1)`,
  `insert into m_pricelist values (1, 'SHOP', 102, 'N')`,
  `insert into m_pricelist_version values (1, 1, '2020-01-01')`,
  `insert into c_taxcategory values (1, 'NORMAL')`,
  'insert into m_productprice values (1, 9, 10.5, 1, 10)',
]
