import { createApi } from '@/api-v1/app'

export const dynamic = 'force-dynamic'

const { fetch: handle } = createApi()

export { handle as DELETE, handle as GET, handle as PATCH, handle as POST, handle as PUT }
