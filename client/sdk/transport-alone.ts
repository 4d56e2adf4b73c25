/**
 * The transport alone, for a program that keeps nothing and needs no queue, such as the console.
 */
import { cafeTill } from './cafe.ts'
import { createModules } from './modules/modules.ts'
import { createTransport as create, type TransportOptions } from './transport/http.ts'
import type { Transport } from './transport/transport.ts'
import type { TillModules } from './typed.ts'

/** `modules`: what it knows to ask for; left out: the café's. */
export const createTransport = ({
  modules = cafeTill,
  ...options
}: Omit<TransportOptions, 'mutationOf'> & { modules?: TillModules }): Transport =>
  create({ ...options, mutationOf: createModules(modules).mutation })
