import type { EmbeddedPostgres } from './embedded.mjs'

export declare function sharedTestServer(): Promise<EmbeddedPostgres>
export declare function isTestServerUp(): Promise<boolean>
