using System.Globalization;

namespace Reactor.Http.Testing;

/// <summary>
/// Runs code without the ambient values of the caller, except its culture.
/// </summary>
/// <remarks>
/// NUnit notes every failed assertion in an ambient value, also if the exception is caught: the
/// failed attempts of shrinking would be listed with the failure of the test.
/// </remarks>
internal static class DetachedContext
{
    private static readonly ExecutionContext s_empty = CaptureEmpty();

    public static T Run<T>(Func<T> action)
    {
        T result = default!;
        CultureInfo culture = CultureInfo.CurrentCulture;
        CultureInfo uiCulture = CultureInfo.CurrentUICulture;
        ExecutionContext.Run(
            s_empty,
            _ =>
            {
                CultureInfo.CurrentCulture = culture;
                CultureInfo.CurrentUICulture = uiCulture;
                result = action();
            },
            null);
        return result;
    }

    // A thread that is started without a flow of context has none.
    private static ExecutionContext CaptureEmpty()
    {
        ExecutionContext? empty = null;
        var thread = new Thread(() => empty = ExecutionContext.Capture());
        thread.UnsafeStart();
        thread.Join();
        return empty!;
    }
}
