/**
 * A till in a process of its own, to be killed: sells on and on, and says the position of each sale that is kept.
 */
import { sqliteStore } from '../../../client/sdk/store/sqlite.ts'
import { sellOn } from './actions.ts'

const store = sqliteStore(process.argv[2]!)
await store.open()
console.log('open')
await sellOn(store, (position) => console.log(position))
