/**
 * Where a gateway spent its time: the functions with the most time of their own, from the CPU profiles that Node
 * left when it ended.
 */
import { readdir, readFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'

type Profile = {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[]
  samples: number[]
  timeDeltas: number[]
}

const shown = 30

/** Prints and removes the profiles of a folder. */
export async function printProfiles(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = join(folder, name)
    print(JSON.parse(await readFile(file, 'utf8')))
    await rm(file)
  }
}

function print({ nodes, samples, timeDeltas }: Profile): void {
  const places = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]))
  const self = new Map<string, number>()
  samples.forEach((id, i) => {
    const place = places.get(id)!
    self.set(place, (self.get(place) ?? 0) + timeDeltas[i]!)
  })
  const idle = self.get('(idle)') ?? 0
  self.delete('(idle)')
  const busy = [...self.values()].reduce((sum, each) => sum + each, 0)
  console.log(`gateway: busy ${seconds(busy)}, idle ${seconds(idle)}; of the busy time, by function:`)
  for (const [place, time] of [...self].sort(([, a], [, b]) => b - a).slice(0, shown))
    console.log(`${((100 * time) / busy).toFixed(1).padStart(6)} %  ${place}`)
}

const seconds = (microseconds: number) => `${(microseconds / 1e6).toFixed(1)} s`

function placeOf({ functionName, url, lineNumber }: Profile['nodes'][number]['callFrame']): string {
  if (!url) return functionName || '(anonymous)'
  const [, inPackage] = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? []
  const where = `${inPackage ? `${inPackage}: ` : ''}${basename(url)}:${lineNumber + 1}`
  return `${functionName || '(anonymous)'}  ${where}`
}
