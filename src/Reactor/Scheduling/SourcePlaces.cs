using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// The source line where a coroutine is suspended: finds the instruction that stored the state
/// machine's number, and its line in the portable symbols. Reads files. Any thread.
/// </summary>
/// <remarks>
/// The list of suspension points in the symbols has no numbers and omits unreachable awaits, so
/// counting them is not exact; iterators have no such list.
/// </remarks>
internal sealed class SourcePlaces
{
    private static readonly ConditionalWeakTable<Module, SourcePlaces> s_byModule = [];
    private readonly PEReader? _image;
    private readonly MetadataReader? _types;
    private readonly MetadataReader? _symbols;

    private SourcePlaces(Module module)
    {
        try
        {
            string path = PathOf(module);
            if (path.Length == 0 || !File.Exists(path))
            {
                return;
            }

            // Closes the file, which may be replaced later.
            var image = new PEReader(File.OpenRead(path), PEStreamOptions.PrefetchEntireImage);
            MetadataReader types = image.GetMetadataReader();
            bool isLoadedOne = types.GetGuid(types.GetModuleDefinition().Mvid)
                == module.ModuleVersionId;
            if (isLoadedOne && image.TryOpenAssociatedPortablePdb(
                path, OpenIfThere, out MetadataReaderProvider? provider, out _))
            {
                _image = image;
                _types = types;
                _symbols = provider!.GetMetadataReader();
            }
        }
        catch (Exception error) when (error is IOException or BadImageFormatException
            or UnauthorizedAccessException or NotSupportedException)
        {
            // The call graph has no lines.
        }
    }

    /// <summary>The await with this number, negative or null: where the method begins.</summary>
    public static (string File, int Line)? Find(Type machine, int? state)
    {
        try
        {
            return s_byModule.GetValue(machine.Module, static module => new SourcePlaces(module))
                .FindIn(machine, state ?? -1);
        }
        catch (Exception error) when (error is BadImageFormatException or InvalidOperationException)
        {
            return null; // a type without a token, or broken symbols
        }
    }

    /// <summary>The first and the last line of the method of a state machine.</summary>
    public static (string File, int First, int Last)? LinesOf(Type machine)
    {
        try
        {
            return s_byModule.GetValue(machine.Module, static module => new SourcePlaces(module))
                .FindLines(machine);
        }
        catch (Exception error) when (error is BadImageFormatException or InvalidOperationException)
        {
            return null; // as in Find
        }
    }

    [UnconditionalSuppressMessage(
        "SingleFile", "IL3000",
        Justification = "In a single file the path is empty, and then there are no lines.")]
    private static string PathOf(Module module) => module.Assembly.Location;

    private static FileStream? OpenIfThere(string path) =>
        File.Exists(path) ? File.OpenRead(path) : null;

    private (string File, int Line)? FindIn(Type machine, int state)
    {
        if (_types is null)
        {
            return null;
        }

        MethodDefinitionHandle method = MoveNextOf(machine);
        return method.IsNil ? null : PlaceAt(
            method, state < 0 ? 0 : OffsetOfStore(_types.GetMethodDefinition(method), state));
    }

    private (string File, int First, int Last)? FindLines(Type machine)
    {
        if (_types is null || MoveNextOf(machine) is not { IsNil: false } method)
        {
            return null;
        }

        SequencePoint[] points = [.. _symbols!
            .GetMethodDebugInformation(method.ToDebugInformationHandle())
            .GetSequencePoints().Where(point => !point.IsHidden)];
        return points.Length == 0
            ? null
            : (_symbols.GetString(_symbols.GetDocument(points[0].Document).Name),
                points.Min(point => point.StartLine), points.Max(point => point.EndLine));
    }

    private MethodDefinitionHandle MoveNextOf(Type machine)
    {
        var handle = (TypeDefinitionHandle)MetadataTokens.EntityHandle(machine.MetadataToken);
        return _types!.GetTypeDefinition(handle).GetMethods().FirstOrDefault(one =>
            _types.StringComparer.Equals(_types.GetMethodDefinition(one).Name, "MoveNext"));
    }

    /// <summary>
    /// The offset of the store into the state field, <c>ldarg.0, ldc N, [dup, stloc.0,] stfld</c>;
    /// 0, the start of the method, if there is none.
    /// </summary>
    private int OffsetOfStore(MethodDefinition method, int state)
    {
        byte[] code = _image!.GetMethodBody(method.RelativeVirtualAddress).GetILBytes() ?? [];
        for (int i = 2; i + 5 <= code.Length; i++)
        {
            if (code[i] != (byte)ILOpCode.Stfld || !IsStateField(BitConverter.ToInt32(code, i + 1)))
            {
                continue;
            }

            bool isAsync = code[i - 1] == (byte)ILOpCode.Stloc_0
                && code[i - 2] == (byte)ILOpCode.Dup;
            if (NumberBefore(code.AsSpan(0, isAsync ? i - 2 : i)) == state)
            {
                return i;
            }
        }

        return 0;
    }

    private bool IsStateField(int token)
    {
        // The byte may be part of an operand, so the token may be invalid.
        int row = token & 0xFF_FFFF;
        StringHandle? name = (TableIndex)(token >>> 24) switch
        {
            TableIndex.Field when row > 0 && row <= _types!.FieldDefinitions.Count =>
                _types.GetFieldDefinition(MetadataTokens.FieldDefinitionHandle(row)).Name,
            // A field of a generic type is a member reference.
            TableIndex.MemberRef when row > 0 && row <= _types!.MemberReferences.Count =>
                _types.GetMemberReference(MetadataTokens.MemberReferenceHandle(row)).Name,
            _ => null,
        };
        return name is { } its && _types!.StringComparer.Equals(its, StateMachineState.FieldName);
    }

    /// <summary>The constant that the last instruction has pushed.</summary>
    private static int? NumberBefore(ReadOnlySpan<byte> code)
    {
        const byte This = (byte)ILOpCode.Ldarg_0;
        return code switch
        {
            [.., This, >= (byte)ILOpCode.Ldc_i4_0 and <= (byte)ILOpCode.Ldc_i4_8 and var one] =>
                one - (byte)ILOpCode.Ldc_i4_0,
            [.., This, (byte)ILOpCode.Ldc_i4_s, var small] => (sbyte)small,
            [.., This, (byte)ILOpCode.Ldc_i4, _, _, _, _] => BitConverter.ToInt32(code[^4..]),
            _ => null,
        };
    }

    private (string File, int Line)? PlaceAt(MethodDefinitionHandle method, int offset)
    {
        SequencePoint? found = null;
        MethodDebugInformation information =
            _symbols!.GetMethodDebugInformation(method.ToDebugInformationHandle());
        foreach (SequencePoint point in information.GetSequencePoints())
        {
            if (!point.IsHidden && (found is null || point.Offset <= offset))
            {
                found = point;
            }
        }

        return found is { } at
            ? (_symbols.GetString(_symbols.GetDocument(at.Document).Name), at.StartLine) : null;
    }
}
