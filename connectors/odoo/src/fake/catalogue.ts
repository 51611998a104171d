import { Decimal } from 'decimal.js'
import { pythonError, validationError } from './errors.ts'
import type { Behaviour, Orm, Stored } from './orm.ts'
import type { Computes } from './schema.ts'

export const catalogueComputes: Computes = {
  'res.partner': {
    country_code: (orm, row) => orm.related('res.partner', row, 'country_id')?.['code'] ?? false,
  },
  'product.template': {
    product_variant_count: (orm, row) => orm.ids('product.template', row, 'product_variant_ids').length,
  },
  'product.product': {
    lst_price: (orm, row) => {
      const extras = orm
        .ids('product.product', row, 'product_template_attribute_value_ids')
        .map(id => Number(orm.get('product.template.attribute.value', id)?.['price_extra'] ?? 0))
      const list = orm.number('product.product', row, 'list_price')
      return extras.reduce((sum, extra) => sum.add(extra), new Decimal(list)).toNumber()
    },
    currency_id: orm => orm.all('res.company')[0]?.['currency_id'] ?? false,
  },
}

/** One figure as the database keeps it: floats of prices are cut to the decimals that Decimal Accuracy says. */
export function kept(orm: Orm, value: unknown, use: string): number {
  const digits = orm.all('decimal.precision').find(row => row['name'] === use)?.['digits'] ?? 2
  return new Decimal(Number(value ?? 0)).toDecimalPlaces(Number(digits), Decimal.ROUND_HALF_UP).toNumber()
}

export const catalogueBehaviours: Readonly<Record<string, Behaviour>> = {
  'res.partner': {
    defaults: () => ({ type: 'contact' }),
    created: (_, row) => checkVat(row),
    written: (_, row) => checkVat(row),
  },
  'account.tax': {
    defaults: orm => ({
      company_id: orm.all('res.company')[0]?.id ?? false,
      amount_type: 'percent',
      type_tax_use: 'sale',
      sequence: 1,
    }),
  },
  'product.template': {
    defaults: (orm, vals) => ({
      type: 'consu',
      sale_ok: true,
      purchase_ok: true,
      invoice_policy: 'order',
      list_price: 1,
      uom_id: orm.all('uom.uom')[0]?.id ?? false,
      categ_id: orm.all('product.category')[0]?.id ?? false,
      taxes_id: orm
        .all('account.tax')
        .slice(0, 1)
        .map(tax => tax.id),
      ...(orm.major < 18 && { detailed_type: vals['type'] ?? 'consu' }),
    }),
    created: (orm, row) => checkType(orm, row),
    written: (orm, row, before) => {
      checkType(orm, row)
      // Archiving a product archives its variants.
      if (row['active'] === before['active']) return
      const variants = orm.ids('product.template', row, 'product_variant_ids')
      for (const id of variants)
        if (orm.get('product.product', id)?.['active'] !== row['active'])
          orm.write('product.product', [id], { active: row['active'] })
    },
  },
  'product.product': { created: uniqueBarcode, written: uniqueBarcode },
  'product.pricelist': {
    defaults: orm => ({ currency_id: orm.all('res.company')[0]?.['currency_id'] ?? false, sequence: 16 }),
  },
  'product.pricelist.item': {
    defaults: (orm, vals) => {
      const product = orm.get('product.product', Number(vals['product_id']))
      return {
        applied_on: '3_global',
        compute_price: 'fixed',
        ...(product && { product_tmpl_id: product['product_tmpl_id'] }),
      }
    },
  },
  'ir.model.data': {
    created: (orm, row) => {
      const twin = orm
        .all('ir.model.data')
        .some(each => each.id !== row.id && each['module'] === row['module'] && each['name'] === row['name'])
      if (twin)
        throw validationError(
          'The operation cannot be completed: You cannot have multiple records with the same external ID in the same module!',
        )
    },
  },
}

function checkVat(row: Stored): void {
  const vat = row['vat']
  if (typeof vat === 'string' && vat !== '' && !/^[A-Z]{2}[0-9A-Z]{2,13}$/.test(vat))
    throw validationError(
      `The VAT number [${vat}] for partner [${String(row['name'])}] does not seem to be valid.`,
    )
}

function checkType(orm: Orm, row: Stored): void {
  const types = orm.major >= 18 ? ['consu', 'service', 'combo'] : ['consu', 'service', 'product']
  const type = String(row['type'])
  if (!types.includes(type))
    throw pythonError('ValueError', `Wrong value for product.template.type: '${type}'`)
}

function uniqueBarcode(orm: Orm, row: Stored): void {
  const { barcode } = row
  if (typeof barcode !== 'string' || barcode === '') return
  const twin = orm.all('product.product').find(each => each.id !== row.id && each['barcode'] === barcode)
  if (twin)
    throw validationError(
      `Barcode(s) already assigned: - Barcode "${barcode}" already assigned to product(s): ${orm.nameOf('product.product', twin)}`,
    )
}
