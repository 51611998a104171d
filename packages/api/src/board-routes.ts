import { z } from 'zod'
import { comparison, sides, stock } from './board-shapes.ts'
import { route } from './route.ts'
import { reconciliation } from './shapes.ts'

/** The routes of the comparison board: they tell what is known, and ask no shop and no ERP. */
export const boardRoutes = {
  comparisons: route('GET', '/comparisons', "How every flow's two sides stood when they were last compared", {
    answer: z.object({ comparisons: z.array(comparison) }),
  }),
  comparison: route(
    'GET',
    '/comparisons/{flow}',
    'What differed when the two sides of a flow were last compared',
    {
      params: z.strictObject({ flow: z.string() }),
      answer: reconciliation,
    },
  ),
  sides: route(
    'GET',
    '/comparisons/{flow}/{id}',
    'A record and its counterpart, field by field, as last read',
    {
      params: z.strictObject({ flow: z.string(), id: z.string() }),
      answer: sides,
    },
  ),
  stock: route('GET', '/stock/{sku}', 'What every system says about the stock of an article', {
    params: z.strictObject({ sku: z.string() }),
    answer: stock,
  }),
} as const
