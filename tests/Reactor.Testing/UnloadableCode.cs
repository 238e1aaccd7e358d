using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Reactor.Testing;

/// <summary>What the runtime does not find when it compiles a method.</summary>
public enum Missing
{
    /// <summary>The assembly: <see cref="FileNotFoundException"/>.</summary>
    Assembly,

    /// <summary>A type of an assembly that is there: <see cref="TypeLoadException"/>.</summary>
    Type,

    /// <summary>A method of a type that is there: <see cref="MissingMethodException"/>.</summary>
    Method,
}

/// <summary>
/// User code whose methods cannot be compiled at their first call, as after a deployment without
/// one of its assemblies or with another version: the code is compiled against a library that is
/// not the one it finds. What depends on the library is written as <c>Lib.Part.Use()</c>.
/// </summary>
/// <remarks>Any thread.</remarks>
public sealed class UnloadableCode : IDisposable
{
    private const string Whole = """
        namespace Lib { public static class Part { public static void Use() { } } }
        """;

    private const string WithoutMethod = "namespace Lib { public static class Part { } }";

    private const string WithoutType = "namespace Lib { public static class Other { } }";

    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Threading.Tasks;
        global using Reactor;
        global using Reactor.Net;
        global using Reactor.Http;
        """;

    private static readonly MetadataReference[] s_platform =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path))];

    private static readonly byte[] s_whole = Compile("Lib", Whole);

    private static readonly byte[] s_withoutMethod = Compile("Lib", WithoutMethod);

    private static readonly byte[] s_withoutType = Compile("Lib", WithoutType);

    // One object for all: the compiler binds a reference that it has not met anew.
    private static readonly MetadataReference s_reference =
        MetadataReference.CreateFromImage(s_whole);

    private readonly AssemblyLoadContext _context = new("unloadable", isCollectible: true);
    private readonly Type _type;

    /// <summary>Compiles and loads a class <c>Code</c>.</summary>
    /// <param name="missing">What it does not find.</param>
    /// <param name="members">The members of the class.</param>
    public UnloadableCode(Missing missing, string members)
    {
        byte[] code = Compile(
            "Code",
            $"public static class Code {{ {members} }}",
            s_reference);
        byte[]? found = missing switch
        {
            Missing.Method => s_withoutMethod,
            Missing.Type => s_withoutType,
            _ => null,
        };
        if (found is not null)
        {
            Load(found);
        }

        _type = Load(code).GetType("Code")!;
    }

    /// <summary>A static method of the class, as a delegate.</summary>
    public T Method<T>(string name)
        where T : Delegate => _type.GetMethod(name)!.CreateDelegate<T>();

    /// <summary>An object of a class within the class.</summary>
    public T Make<T>(string name) =>
        (T)Activator.CreateInstance(_type.GetNestedType(name)!)!;

    /// <summary>The type of what the runtime throws.</summary>
    public static Type ErrorOf(Missing missing) => missing switch
    {
        Missing.Assembly => typeof(FileNotFoundException),
        Missing.Type => typeof(TypeLoadException),
        _ => typeof(MissingMethodException),
    };

    /// <inheritdoc/>
    public void Dispose() => _context.Unload();

    private Assembly Load(byte[] image) => _context.LoadFromStream(new MemoryStream(image));

    private static byte[] Compile(string name, string source, params MetadataReference[] more)
    {
        CSharpParseOptions options =
            CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.CSharp14);
        var compilation = CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText(Usings, options),
                CSharpSyntaxTree.ParseText(source, options)],
            [.. s_platform, .. more],
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                optimizationLevel: OptimizationLevel.Release,
                nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        if (!result.Success)
        {
            throw new InvalidOperationException(
                $"The test's code does not compile: {string.Join("; ", result.Diagnostics)}");
        }

        return image.ToArray();
    }
}
