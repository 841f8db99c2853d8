'use client'
import type { PlannerSettingsView } from '@clawbernetes/protocol/views/planner'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { toApiError, useTRPC } from '@/trpc/client'
import { checkDraft, draftOf, type FieldName, fieldOf, type PlannerDraft } from './planner-draft'

type Problem = { field: FieldName | null; message: string }

/** The form's draft, what is wrong with it, and saving it. */
export function usePlannerForm(settings: PlannerSettingsView) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [draft, setDraft] = useState(() => draftOf(settings))
  const [problem, setProblem] = useState<Problem | null>(null)
  const [saved, setSaved] = useState(false)
  const dirty = JSON.stringify(draft) !== JSON.stringify(draftOf(settings))
  useUnsavedGuard(dirty)
  const save = useMutation(
    trpc.planner.set.mutationOptions({
      onSuccess: (stored) => {
        queryClient.setQueryData(trpc.planner.settings.queryKey(), stored)
        void queryClient.invalidateQueries(trpc.planner.usage.queryFilter())
        setDraft(draftOf(stored))
        setSaved(true)
      },
      onError: (error) => {
        const { message } = toApiError(error)
        setProblem({ field: fieldOf(message), message: message.replace(/^[\w.]+: (?=[A-Z])/, '') })
      },
    }),
  )
  return {
    draft,
    dirty,
    saved,
    saving: save.isPending,
    problem,
    errorOf: (field: FieldName) => (problem?.field === field ? problem.message : null),
    change: (over: Partial<PlannerDraft>) => {
      setDraft({ ...draft, ...over })
      setSaved(false)
      setProblem(null)
    },
    submit: () => {
      const checked = checkDraft(draft)
      if (checked.ok) save.mutate(checked.input)
      else setProblem(checked)
    },
  }
}

/** The browser asks before a tab with unsaved changes is closed. */
function useUnsavedGuard(dirty: boolean): void {
  useEffect(() => {
    if (!dirty) return
    const guard = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', guard)
    return () => window.removeEventListener('beforeunload', guard)
  }, [dirty])
}
