/** The modules of a till that names none: the café's. */
export { cafeTill } from '../../src/modules/tills.ts'
