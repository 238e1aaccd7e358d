using Microsoft.Win32.SafeHandles;

namespace Reactor.Drivers;

/// <summary>
/// One descriptor that is held for nothing, until none is left: then giving it up makes room for
/// one accept, and the client that waits can be told no instead of being left to wait.
/// </summary>
/// <remarks>
/// Loop thread only. Another thread of the process may snatch the descriptor between the release
/// and the accept; then the accept fails again and nobody is turned away this time. Windows has no
/// such limit and gets no reserve.
/// </remarks>
internal sealed class DescriptorReserve : IDisposable
{
    private SafeFileHandle? _handle;
    private bool _isDisposed;

    /// <summary>Takes a descriptor, if there is one and none is held.</summary>
    public void Fill()
    {
        if (_handle is not null || _isDisposed || OperatingSystem.IsWindows())
        {
            return;
        }

        try
        {
            _handle = File.OpenHandle("/dev/null", share: FileShare.ReadWrite);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // None is left, or there is no such file here: there is no reserve until the next try.
        }
    }

    /// <summary>Gives the descriptor up; false if none is held.</summary>
    public bool Release()
    {
        if (_handle is not { } handle)
        {
            return false;
        }

        _handle = null;
        handle.Dispose();
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        Release();
    }
}
