import { listVolumes } from './list-volumes'
import { createVolume, deleteVolume, snapshotVolume } from './not-yet'

export const tools = [listVolumes, createVolume, snapshotVolume, deleteVolume]
