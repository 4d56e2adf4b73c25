/** The modules of a till that names none: the café's, with what operations of other modules may build on. */
export { cafeTill, theSale, theSession } from '../../src/modules/tills.ts'
