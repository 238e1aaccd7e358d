namespace Reactor.Tools.Loadgen;

/// <summary>
/// The number of connections of a closed loop over the window: linear from that of the plan through
/// the targets of the stages, then constant. Immutable; any thread.
/// </summary>
internal sealed class ConnectionRamp(LoadPlan plan)
{
    /// <summary>True without stages.</summary>
    public bool IsConstant => plan.ConnectionStages.Count == 0;

    /// <summary>The number at an instant of the window, rounded.</summary>
    public int At(TimeSpan instant)
    {
        double from = plan.Connections;
        foreach (Stage stage in plan.ConnectionStages)
        {
            if (instant < stage.Length)
            {
                return (int)Math.Round(from + ((stage.Target - from) * (instant / stage.Length)));
            }

            instant -= stage.Length;
            from = stage.Target;
        }

        return (int)from;
    }
}
