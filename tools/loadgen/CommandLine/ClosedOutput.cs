using System.Text;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// A standard output that was closed before the program began (<c>&gt;&amp;-</c>): each write
/// fails, as it does for the system's own programs, so that a lost report is no success. Any
/// thread.
/// </summary>
internal sealed class ClosedOutput : TextWriter
{
    /// <inheritdoc/>
    public override Encoding Encoding => Encoding.UTF8;

    /// <inheritdoc/>
    public override void Write(char value) => throw new IOException("standard output is closed");
}
