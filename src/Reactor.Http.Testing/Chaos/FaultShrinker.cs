using Reactor.Simulation;

namespace Reactor.Http.Testing;

/// <summary>
/// Reduces a list of faults that makes a run fail: first to a list of which no fault can be left
/// out (delta debugging, Zeller and Hildebrandt 2002) and no two delays can be one, then to
/// smaller, round amounts.
/// </summary>
/// <param name="fails">Whether a run with these faults fails in the same way.</param>
/// <param name="isTimeUp">Ends the search; the best list so far is the result.</param>
internal sealed class FaultShrinker(
    Func<IReadOnlyList<Fault>, bool> fails, Func<bool> isTimeUp)
{
    /// <summary>Calls of the predicate so far.</summary>
    public int Runs { get; private set; }

    /// <summary>True if the time was up before the search was complete.</summary>
    public bool IsCutShort { get; private set; }

    public IReadOnlyList<Fault> Shrink(IReadOnlyList<Fault> faults)
    {
        if (faults.Count == 0 || Fails([]))
        {
            return [];
        }

        List<Fault> rest = MergeDelays(LeaveOutCuts(LeaveOut([.. faults])));
        for (int i = 0; i < rest.Count; i++)
        {
            rest[i] = Reduce(rest, i);
        }

        return rest;
    }

    /// <summary>
    /// Leaves out halves, then quarters, and so on to single faults, as long as the run fails.
    /// </summary>
    private List<Fault> LeaveOut(List<Fault> faults)
    {
        int parts = 2;
        while (faults.Count > 1)
        {
            if (TryLeaveOutPart(faults, parts) is { } smaller)
            {
                faults = smaller;
                parts = Math.Max(2, parts - 1);
            }
            else if (parts < faults.Count)
            {
                parts = Math.Min(2 * parts, faults.Count);
            }
            else
            {
                break;
            }
        }

        return faults;
    }

    private List<Fault>? TryLeaveOutPart(List<Fault> faults, int parts)
    {
        for (int part = 0; part < parts; part++)
        {
            int start = (int)((long)faults.Count * part / parts);
            int end = (int)((long)faults.Count * (part + 1) / parts);
            List<Fault> rest = [.. faults[..start], .. faults[end..]];
            if (start < end && Fails(rest))
            {
                return rest;
            }
        }

        return null;
    }

    /// <summary>
    /// Leaves out cuts of writes with what they shift: without a cut there is one opportunity less
    /// for a further cut, and one piece less that could be delayed.
    /// </summary>
    private List<Fault> LeaveOutCuts(List<Fault> faults)
    {
        foreach (Fault cut in faults.Where(one => one.Kind == FaultKind.Split).Reverse().ToArray())
        {
            List<Fault>[] candidates =
                [Without(faults, cut, FaultKind.Split), Without(faults, cut, FaultKind.Delay)];
            faults = Array.Find(candidates, rest => rest.Count > 0 && Fails(rest)) ?? faults;
        }

        return faults;
    }

    /// <summary>Shifts cuts, and if asked the delays; empty if two faults would collide.</summary>
    private static List<Fault> Without(List<Fault> faults, Fault cut, FaultKind shifted)
    {
        List<Fault> rest = [.. faults.Where(one => one != cut).Select(Shift)];
        int places = rest.DistinctBy(one => (one.Kind, one.Opportunity)).Count();
        return places == rest.Count ? rest : [];

        Fault Shift(Fault one) =>
            (one.Kind == FaultKind.Split || one.Kind == shifted)
                && one.Opportunity > cut.Opportunity
            ? one with { Opportunity = one.Opportunity - 1 }
            : one;
    }

    /// <summary>
    /// Replaces two delays by one of their sum. Where only the sum counts, the run needs both, so
    /// leaving one out is not enough.
    /// </summary>
    private List<Fault> MergeDelays(List<Fault> faults)
    {
        Fault[] delays = [.. faults.Where(one => one.Kind == FaultKind.Delay)];
        foreach (Fault kept in delays)
        {
            foreach (Fault gone in delays.Where(one => one != kept))
            {
                Fault sum = kept with { Amount = kept.Amount + gone.Amount };
                List<Fault> merged = [.. faults.Where(one => one != gone)];
                merged[merged.IndexOf(kept)] = sum;
                if (Fails(merged))
                {
                    return MergeDelays(merged);
                }
            }
        }

        return faults;
    }

    /// <summary>
    /// Takes the smallest amount of 0, 1, 2, 5, 10, 20 … with which the run fails. A larger amount
    /// need not fail if a smaller one does, so a binary search would not be right.
    /// </summary>
    private Fault Reduce(List<Fault> faults, int index)
    {
        Fault fault = faults[index];
        if (fault.Kind == FaultKind.Accept)
        {
            return fault;
        }

        foreach (long amount in RoundAmounts(fault.Amount))
        {
            List<Fault> other = [.. faults];
            other[index] = fault with { Amount = amount };
            if (Fails(other))
            {
                return other[index];
            }
        }

        return fault;
    }

    private static IEnumerable<long> RoundAmounts(long end)
    {
        if (end > 0)
        {
            yield return 0;
        }

        for (decimal power = 1; power < end; power *= 10)
        {
            foreach (int factor in (int[])[1, 2, 5])
            {
                if (factor * power < end)
                {
                    yield return (long)(factor * power);
                }
            }
        }
    }

    private bool Fails(IReadOnlyList<Fault> faults)
    {
        IsCutShort |= isTimeUp();
        if (IsCutShort)
        {
            return false;
        }

        Runs++;
        return fails(faults);
    }
}
