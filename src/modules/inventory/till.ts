import { defineTillModule, entity, local, online, typeOnly } from '../../sync/till.ts'
import type { InventoryAdjust, InventoryRestock, InventorySetThreshold } from './contract.ts'
import { waste } from './operations.ts'
import { stockItems } from './tables.ts'
import { type codes, permissions, scopes } from './words.ts'

export const inventoryTill = defineTillModule({
  name: 'inventory',
  scopes,
  permissions,
  codes: typeOnly<keyof typeof codes>(),
  operations: [
    local(waste, {
      // Stock comes after what selling needs: until then nobody knows what there is none of.
      needs: {
        tables: [stockItems],
        message: 'This device has not loaded the stock of this branch yet: connect it for a while.',
      },
    }),
  ],
  online: {
    'inventory.restock': online<InventoryRestock>('branch'),
    'inventory.adjust': online<InventoryAdjust>('branch'),
    'inventory.setThreshold': online<InventorySetThreshold>('branch'),
  },
  entities: [
    entity(stockItems, {
      together: true,
      row: (id, { name, unit, onHand, lowAt = null }, { branchId }) => ({
        ...{ id, branchId, name, unit, onHand, lowAt },
      }),
    }),
  ],
})
