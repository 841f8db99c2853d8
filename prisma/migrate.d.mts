export declare function migrateDeploy(databaseUrl: string): Promise<string>
export declare function migrateQueue(databaseUrl: string): Promise<void>
export declare function generateClient(): Promise<string>
