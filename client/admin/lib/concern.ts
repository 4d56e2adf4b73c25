/** Which news a piece of what is on screen has to do with. */
import type { ModuleScope } from '../../sdk/index.ts'

export type Interest = {
  /** Modules whose changes show in it. */
  readonly modules: readonly ModuleScope[]
  /** Of one branch only; left out: of any. */
  readonly branchId?: string | null
  /** Nothing nudges for some of it: asked for as often as this, too, in ms. */
  readonly everyMs?: number
}

export const concerns = (
  interest: Interest,
  nudge: { readonly branchId: string; readonly modules: readonly ModuleScope[] },
): boolean =>
  (interest.branchId == null || interest.branchId === nudge.branchId) &&
  nudge.modules.some((module) => interest.modules.includes(module))
