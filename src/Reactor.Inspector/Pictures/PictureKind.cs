namespace Reactor.Inspector;

/// <summary>
/// What a picture of a run shows; the command line knows it by its name in lower case.
/// </summary>
public enum PictureKind
{
    /// <summary>
    /// One lane for the loop and one for each task: steps, waits and resumes over time.
    /// </summary>
    Lanes,

    /// <summary>One turn of the loop: its phases, and the work of its batch in order.</summary>
    Turn,

    /// <summary>The ready queue at a moment, with the line where the batch ends.</summary>
    Queue,

    /// <summary>The armed timers on a time axis, and the lateness of those that fired.</summary>
    Timers,

    /// <summary>Which task awaits which at a moment, with source lines and cycles.</summary>
    Tree,

    /// <summary>The states of connections over time.</summary>
    Connection,
}
