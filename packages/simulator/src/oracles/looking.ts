import type { DeliveryRow } from '../twin/tables.ts'
import type { Remote, Row } from '../world/remote.ts'
import type { World } from '../world/world.ts'

export const deliveriesOf = ({ twin }: World): readonly DeliveryRow[] => [...twin.tables.deliveries.values()]
export const keyOf = (shop: Remote, order: Row) => `${shop.name}/SalesOrder/${order.id}`
export const inErp = ({ erp }: World, key: string) => erp.rows('orders').filter(row => row.key === key)
