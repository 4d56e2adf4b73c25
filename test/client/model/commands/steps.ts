/** What a command of the model test is: a step of somebody somewhere, with all that it needs. */
import fc from 'fast-check'
import type { Device } from '../device.ts'
import type { World } from '../world.ts'

/** A command of fast-check: everything it needs is in it, so that it can be run again. */
class Step implements fc.AsyncCommand<object, World> {
  readonly #text: string
  readonly #act: (world: World) => Promise<void>
  constructor(text: string, act: (world: World) => Promise<void>) {
    this.#text = text
    this.#act = act
  }
  check = () => true
  async run(_: object, world: World): Promise<void> {
    world.note(this.#text)
    await this.#act(world)
  }
  toString = () => this.#text
}

export function step<T extends object>(
  name: string,
  of: { [K in keyof T]: fc.Arbitrary<T[K]> },
  act: (world: World, drawn: T) => Promise<unknown>,
): fc.Arbitrary<fc.AsyncCommand<object, World>> {
  return fc.record(of).map(
    (drawn) =>
      new Step(`${name} ${JSON.stringify(drawn)}`, async (world) => {
        await act(world, drawn as T)
      }),
  )
}

export type At = { world: World; device: Device }

/** A step at one of the devices. */
export const atDevice = <T extends object>(
  name: string,
  of: { [K in keyof T]: fc.Arbitrary<T[K]> },
  act: (at: At, drawn: T) => Promise<unknown>,
) =>
  step<T & { till: number }>(
    name,
    { till: fc.nat(2), ...of } as {
      [K in keyof (T & { till: number })]: fc.Arbitrary<(T & { till: number })[K]>
    },
    (world, drawn) => act({ world, device: world.devices[drawn.till]! }, drawn),
  )

export type Weighted = { arbitrary: fc.Arbitrary<fc.AsyncCommand<object, World>>; weight: number }
/** How often it comes, of all there is. */
export const weighted = (arbitrary: Weighted['arbitrary'], weight: number): Weighted => ({
  arbitrary,
  weight,
})
