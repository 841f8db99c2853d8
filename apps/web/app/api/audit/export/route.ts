import { exportResponse } from '@/features/audit/export-response'

export const dynamic = 'force-dynamic'

export { exportResponse as GET }
