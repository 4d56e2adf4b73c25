/** A till in a process of its own: it does what it is asked for by messages, until it is killed. */
import { sqliteStore } from '../../client/sdk/index.ts'
import { createTillWork, type Told, type Wish } from './till-work.ts'

/** `recorded`: see `createTillWork`. The rest answers the wish of this `id`. */
export type Message = Told & { id?: string; fault?: string; recorded?: string }

const tell = (message: Message) => new Promise((resolve) => process.send!(message, resolve))
const work = createTillWork({ storeAt: sqliteStore, recorded: (recorded) => tell({ recorded }) })

process.on('message', ({ id, wish }: { id: string; wish: Wish }) => {
  work(wish).then(
    (told) => tell({ id, ...told }),
    (error) => tell({ id, fault: String(error?.stack ?? error) }),
  )
})
process.once('disconnect', () => process.exit())
