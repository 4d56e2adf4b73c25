import { defineTillModule, entity, online, typeOnly } from '../../sync/till.ts'
import type { InventoryAdjust, InventoryRestock } from './contract.ts'
import { stockItems } from './tables.ts'
import { type codes, permissions, scopes } from './words.ts'

export const inventoryTill = defineTillModule({
  name: 'inventory',
  scopes,
  permissions,
  codes: typeOnly<keyof typeof codes>(),
  online: {
    'inventory.restock': online<InventoryRestock>('branch'),
    'inventory.adjust': online<InventoryAdjust>('branch'),
  },
  entities: [
    entity(stockItems, {
      together: true,
      row: (id, { name, unit, onHand }, { branchId }) => ({ id, branchId, name, unit, onHand }),
    }),
  ],
})
