export declare class DatabaseStartError extends Error {}

export interface EmbeddedPostgres {
  /** Superuser address of the maintenance database `postgres`. */
  url: string
  port: number
  /** It was not running before. */
  started: boolean
  stop(): Promise<void>
}

export declare function ensurePostgres(options: {
  dataDir: string
  log?: (line: string) => void
  settings?: Record<string, string | number>
}): Promise<EmbeddedPostgres>
