/** The café's modules, as the SDK puts them together. */
import { cafeTill } from '../../../client/sdk/cafe.ts'
import { createModules } from '../../../client/sdk/modules/modules.ts'

export const modules = createModules(cafeTill)
