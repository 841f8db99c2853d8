export declare function migrateDeploy(databaseUrl: string): Promise<string>
export declare function generateClient(): Promise<string>
