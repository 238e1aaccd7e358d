using Microsoft.Win32.SafeHandles;

namespace Reactor.Drivers;

/// <summary>
/// A descriptor in reserve: when none is left, releasing it makes room to accept and close one
/// connection instead of letting its client wait.
/// </summary>
/// <remarks>
/// Loop thread only. If another thread takes the descriptor first, the accept fails. Windows has no
/// such limit and no reserve.
/// </remarks>
internal sealed class DescriptorReserve : IDisposable
{
    private SafeFileHandle? _handle;
    private bool _isDisposed;

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
            // No descriptor is left: no reserve until the next try.
        }
    }

    /// <summary>Releases the descriptor; false if none is held.</summary>
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
