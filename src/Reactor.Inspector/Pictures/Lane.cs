namespace Reactor.Inspector;

/// <summary>A part of a lane that has one look from its begin to its end. Immutable.</summary>
internal readonly record struct LaneSpan(PictureFill Fill, long From, long To, int Label);

/// <summary>
/// A row of a picture over time: what a task, the loop or a connection did. Spans are in the order
/// of their begins and do not overlap. One thread at a time.
/// </summary>
internal sealed class Lane(long id)
{
    private PictureFill? _fill;
    private long _since;
    private int _label;

    public long Id { get; } = id;

    /// <summary>The number of the name in the names of the trace.</summary>
    public int Name { get; set; }

    /// <summary>The begin of the life of the object, if it is in the picture.</summary>
    public long? Born { get; init; }

    /// <summary>The end of the life, if it is in the picture.</summary>
    public long? Ended { get; set; }

    /// <summary>The number of the outcome's name.</summary>
    public int Outcome { get; set; }

    /// <summary>The time with the look of work.</summary>
    public long Busy { get; private set; }

    public List<LaneSpan> Spans { get; } = [];

    /// <summary>Ends the span and begins the next; null begins none.</summary>
    public void Change(PictureFill? fill, long time, int label = 0)
    {
        if (_fill is not null && time > _since)
        {
            Spans.Add(new LaneSpan(_fill, _since, time, _label));
            Busy += _fill == PictureFill.Step || _fill == PictureFill.Callback ? time - _since : 0;
        }

        (_fill, _since, _label) = (fill, time, label);
    }
}
