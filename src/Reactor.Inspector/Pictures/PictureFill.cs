namespace Reactor.Inspector;

/// <summary>How the area of a shape is drawn, so that areas differ without colour too.</summary>
internal enum FillForm
{
    Solid,
    Hollow,
    Rising,
    Falling,
    Dots,
    Cross,
    Bars,
    Rails,
}

/// <summary>
/// The look of an area: a colour for light and one for dark, and a form. Two areas of one picture
/// differ in their form, or one of them has a label. Immutable; any thread.
/// </summary>
/// <param name="Name">The class of its shapes; unique.</param>
/// <param name="Light">The colour on a light ground.</param>
/// <param name="Dark">The colour on a dark ground.</param>
/// <param name="Form">How the area is filled.</param>
internal sealed record PictureFill(string Name, string Light, string Dark, FillForm Form)
{
    public static readonly PictureFill Step = new("step", "#1f5fbf", "#78adff", FillForm.Solid);

    public static readonly PictureFill Callback = new("call", "#00705a", "#4fd1a5", FillForm.Bars);

    public static readonly PictureFill Ready = new("ready", "#1f5fbf", "#78adff", FillForm.Hollow);

    public static readonly PictureFill Io = new("io", "#a14f00", "#f0a04b", FillForm.Rising);

    public static readonly PictureFill Timer = new("timer", "#7a3fb0", "#c99dff", FillForm.Dots);

    public static readonly PictureFill Task = new("task", "#5b6470", "#9aa7b8", FillForm.Rails);

    public static readonly PictureFill Other = new("other", "#5b6470", "#9aa7b8", FillForm.Falling);

    public static readonly PictureFill Poll = new("poll", "#5b6470", "#9aa7b8", FillForm.Cross);

    public static readonly PictureFill Bad = new("bad", "#b3261e", "#ff8a80", FillForm.Solid);

    private static readonly PictureFill[] s_states =
    [
        new("s0", "#5b6470", "#9aa7b8", FillForm.Hollow),
        new("s1", "#a14f00", "#f0a04b", FillForm.Rising),
        new("s2", "#1f5fbf", "#78adff", FillForm.Solid),
        new("s3", "#00705a", "#4fd1a5", FillForm.Bars),
        new("s4", "#7a3fb0", "#c99dff", FillForm.Dots),
        new("s5", "#8a6d00", "#e3c545", FillForm.Falling),
        new("s6", "#b3261e", "#ff8a80", FillForm.Cross),
        new("s7", "#0b6e8a", "#5cc8e6", FillForm.Rails),
    ];

    /// <summary>True for the look of a state whose name the program chose.</summary>
    public bool IsState => s_states.Contains(this);

    /// <summary>The looks of eight states whose names the program chose.</summary>
    public static PictureFill State(int index) => s_states[index];
}
