using System.Runtime.InteropServices;

namespace Reactor.Drivers;

/// <summary>
/// Shows a socket's descriptor; owns nothing, and is invalid once the socket is closed.
/// </summary>
internal sealed class DescriptorView : SafeHandle
{
    public DescriptorView(int descriptor) : base(-1, ownsHandle: false) => SetHandle(descriptor);

    public override bool IsInvalid => handle < 0;

    protected override bool ReleaseHandle() => true;
}
