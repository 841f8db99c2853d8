import { forwardToGateway } from '@/features/doors/forward-to-gateway'

export const dynamic = 'force-dynamic'

export { forwardToGateway as DELETE, forwardToGateway as GET, forwardToGateway as POST }
