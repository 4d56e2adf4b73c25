/**
 * `npm run codegen`: types of the client's GraphQL documents, from `schema.graphql`. The console's are in
 * documents.ts, as `graphql(...)`; the SDK's in documents.graphql, as `gql.ts`, which the preset writes for that function,
 * would carry the text of each twice into an app. Each part of the client that has some has types of its own, a line here, so that none
 * carries another's. What comes out is committed; a test keeps it from drifting.
 */
import type { CodegenConfig } from '@graphql-codegen/cli'

const config: CodegenConfig = {
  schema: 'schema.graphql',
  generates: {
    'client/sdk/transport/generated/': typesOf(
      'client/sdk/**/documents.graphql',
      '../../../../src/sync/words.ts',
    ),
    'client/admin/generated/': typesOf('client/admin/**/documents.ts', '../../contract.ts'),
  },
}

/** `words`: the way from what is generated to where it takes `Json` from. */
function typesOf(documents: string, words: string): CodegenConfig['generates'][string] {
  return {
    preset: 'client',
    documents,
    presetConfig: { fragmentMasking: false, skipIndexFile: true },
    config: {
      documentMode: 'string',
      useTypeImports: true,
      importExtension: '.ts',
      strictScalars: true,
      scalars: {
        ID: 'string',
        UUID: 'string',
        DateTime: 'string',
        SafeInt: 'number',
        JSON: `${words}#Json`,
      },
    },
  }
}

export default config
